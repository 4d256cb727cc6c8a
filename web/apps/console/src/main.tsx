import { startI18n } from '@yiwang/i18n/i18n.ts';
import '@yiwang/tokens/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// A citizen's phone gets the small page; the console, its controls and its words stay away from it.
const isCitizen = location.pathname.startsWith('/status');
const page = isCitizen ? import('./citizen/citizen.tsx') : import('./console.tsx');
const words = isCitizen ? import('@yiwang/i18n/citizen-words.ts') : import('@yiwang/i18n/resources.ts');

await startI18n(await words);
(await page).mount(root);
