import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/logo.css';
import './sign-in.css';
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { Logo } from '../parts/icons.tsx';
import { applyTheme } from '../parts/theme.tsx';

const WRONG = 'That is not the token.';

function SignIn() {
  const [problem, setProblem] = useState('');
  const [isAsking, setAsking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token');
    setAsking(true);
    const found = await signIn(String(token).trim());
    setAsking(false);
    setProblem(found);
    if (found === '') location.replace(location.pathname);
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <Logo />
        <h1>Lifeguard</h1>
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="hint problem"
          aria-invalid={problem === WRONG}
        />
        <p id="hint">The application has it in LIFEGUARD_TOKEN.</p>
        <p id="problem" role="alert">
          {problem}
        </p>
        <button type="submit" disabled={isAsking}>
          Sign in
        </button>
      </form>
    </main>
  );
}

/** Shows the token in a header, for a cookie; it is in no address, and nothing keeps it. Says what is wrong. */
async function signIn(token: string): Promise<string> {
  // A header takes nothing else, and no token has anything else.
  if (!/^[!-~]+$/.test(token)) return WRONG;
  try {
    const { status } = await fetch('?sign-in', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    if (status === 204) return '';
    return status === 401 ? WRONG : `The application answers ${status}.`;
  } catch {
    return 'The application does not answer.';
  }
}

applyTheme();
render(<SignIn />, document.body);
