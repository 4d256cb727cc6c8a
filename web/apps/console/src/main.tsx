import { startI18n } from '@yiwang/i18n/i18n.ts';
import '@yiwang/tokens/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// A citizen's phone gets the small page; the console and its controls stay away from it.
const page = location.pathname.startsWith('/status')
  ? import('./citizen/citizen.tsx')
  : import('./console.tsx');

await startI18n();
(await page).mount(root);
