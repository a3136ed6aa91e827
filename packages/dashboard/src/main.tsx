import './style.css';
import { render } from 'preact';

render(<h1>Lifeguard</h1>, document.body);
