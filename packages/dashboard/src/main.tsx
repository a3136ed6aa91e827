import './styles/tokens.css';
import './styles/base.css';
import './styles/logo.css';
import './styles/top.css';
import './styles/summary.css';
import './styles/incidents.css';
import './styles/charts.css';
import './styles/tables.css';
import './styles/server.css';
import './styles/dialog.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { Store } from './live/store.ts';
import { applyTheme } from './parts/theme.tsx';

applyTheme();
const store = new Store();
render(<App store={store} />, document.body);
store.start();
