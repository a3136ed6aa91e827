import '../style.css';

document.body.textContent = 'Sign in';
