import type { Greeting } from '../wire.ts';

/** Who looks by the token can end that; who could do more with it is shown the way. */
export function Session({ greeting }: { greeting: Greeting | undefined }) {
  if (greeting?.by === 'token') {
    return (
      <button type="button" class="small" onClick={signOut}>
        Sign out
      </button>
    );
  }
  if (!greeting?.couldSignIn) return null;
  return (
    <a class="small" href="?sign-in">
      Sign in to act
    </a>
  );
}

async function signOut(): Promise<void> {
  await fetch('?sign-out', { method: 'POST' }).catch(() => {});
  location.reload();
}
