/** Whoever came by the token ends the session here, also on a machine that others use. */
export function SignOut() {
  const signOut = async () => {
    await fetch('?sign-out', { method: 'POST' }).catch(() => {});
    location.reload();
  };
  return (
    <button type="button" class="small" onClick={signOut}>
      Sign out
    </button>
  );
}
