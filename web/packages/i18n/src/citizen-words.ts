import * as admin from './words/admin.ts';
import * as media from './words/media.ts';
import * as shell from './words/shell.ts';
import * as terms from './words/terms.ts';

/** What a citizen's page says; the console's words would weigh more than the page. */
export const zh = { terms: terms.zh, shell: shell.zh, admin: admin.zh, media: media.zh };

export const en: typeof zh = { terms: terms.en, shell: shell.en, admin: admin.en, media: media.en };
