import { startI18n } from '@yiwang/i18n/i18n.ts';
import '@yiwang/tokens/base.css';
import { fetchAhead } from './app/ahead.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// A citizen's phone gets the small page; the console, its controls and its words stay away from it.
const citizen = () => Promise.all([import('@yiwang/i18n/citizen-words.ts'), import('./citizen/citizen.tsx')]);
const desk = () => Promise.all([import('@yiwang/i18n/resources.ts'), import('./console.tsx')]);

const coming = location.pathname.startsWith('/status') ? citizen() : desk();
fetchAhead(location.pathname);
const [words, page] = await coming;
await startI18n(words);
page.mount(root);
