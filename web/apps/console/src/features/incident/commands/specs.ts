/** What a command's form asks for. Bodies are the server's; the form only gathers them. */
export type Field = { name: string; required?: boolean; label?: string; when?: When } & (
  | { kind: 'text' | 'textarea' | 'item' | 'grade' | 'area' | 'org' | 'orgs' | 'user' | 'datetime' | 'date' }
  | { kind: 'duration' | 'attachments' | 'incident' | 'score' | 'secrecy' }
  | { kind: 'evidence'; asked?: boolean }
  | { kind: 'select'; options: readonly Choice[] }
  | { kind: 'yesno'; yes: string; no: string }
  | { kind: 'checks'; list: 'register' | 'refuse' | 'close' }
  | { kind: 'task'; statuses: readonly string[]; roles?: readonly string[] }
  | { kind: 'request' }
  | { kind: 'stage' }
  | { kind: 'whistle' }
);

/** Shown only while another field has one of these values. */
export interface When {
  field: string;
  is: readonly unknown[];
}

/** A value and the key of its words. */
export type Choice = readonly [value: string, words: string];

const choices = (list: string, values: readonly string[]): Choice[] =>
  values.map((value) => [value, `terms.${list}.${value}`]);
const said = (pairs: Record<string, string>): Choice[] =>
  Object.entries(pairs).map(([value, words]) => [value, `command.choice.${words}`]);

const reason: Field = { name: 'reason', kind: 'textarea', required: true };
const note: Field = { name: 'note', kind: 'textarea' };
const text: Field = { name: 'text', kind: 'textarea', required: true };
const task = (...statuses: string[]): Field => ({ name: 'task_id', kind: 'task', statuses, required: true });

const REASONS: Record<string, Choice[]> = {
  return: said({ wrong_unit: 'wrongOrg', wrong_area: 'wrongPlace', incomplete: 'missing', other: 'other' }),
  extension: said({ complex: 'complex', weather: 'weather', other: 'other' }),
  suspension: said({ season: 'season', budget: 'budget', litigation: 'litigation', other: 'other' }),
  void: said({ duplicate: 'duplicate', not_matter: 'notMatter', test: 'test', other: 'other' }),
  exclusion: said({
    illegal_claim: 'illegal',
    out_of_law: 'outOfLaw',
    force_majeure: 'force',
    malicious: 'malicious',
  }),
};

const requestFields: Field[] = [
  {
    name: 'kind',
    kind: 'select',
    required: true,
    options: choices('request', ['return', 'extension', 'suspension', 'void', 'exclusion']),
  },
  ...Object.entries(REASONS).map(
    ([kind, options]): Field => ({
      name: 'reason_code',
      kind: 'select',
      required: true,
      options,
      when: { field: 'kind', is: [kind] },
    }),
  ),
  {
    ...task('to_sign', 'handling'),
    required: false,
    when: { field: 'kind', is: ['return', 'extension', 'suspension'] },
  },
  { name: 'proposed_org', kind: 'org', required: true, when: { field: 'kind', is: ['return'] } },
  { name: 'extra', kind: 'duration', required: true, when: { field: 'kind', is: ['extension'] } },
  { name: 'plan_date', kind: 'date', required: true, when: { field: 'kind', is: ['suspension'] } },
  { name: 'leader', kind: 'text', required: true, when: { field: 'kind', is: ['suspension'] } },
  text,
];

/** The forms of all commands but dispatch, which has its own. */
export const FORMS: Record<string, readonly Field[]> = {
  accept: [{ name: 'item_code', kind: 'item' }, { name: 'grade', kind: 'grade' }, note],
  refuse: [{ name: 'checks', kind: 'checks', list: 'refuse' }, reason],
  'self-handle': [
    { ...text, label: 'reportText' },
    { name: 'checks', kind: 'checks', list: 'close' },
    { name: 'evidence', kind: 'evidence' },
  ],
  answer: [{ ...text, label: 'answerText' }],
  transfer: [
    {
      name: 'to',
      kind: 'select',
      required: true,
      options: [
        ['110', 'terms.source.police'],
        ['119', 'terms.source.fire'],
        ['120', 'command.choice.ambulance'],
      ],
    },
    { name: 'reference', kind: 'text' },
    note,
  ],
  register: [{ name: 'checks', kind: 'checks', list: 'register' }, note],
  'send-back': [reason],
  reclassify: [
    { name: 'item_code', kind: 'item' },
    { name: 'grade', kind: 'grade' },
    { name: 'title', kind: 'text' },
    { name: 'address', kind: 'text' },
    { name: 'area_code', kind: 'area' },
    { name: 'secrecy', kind: 'secrecy' },
    reason,
  ],
  sign: [task('to_sign')],
  contact: [
    task('to_sign', 'handling'),
    {
      name: 'result',
      kind: 'select',
      required: true,
      options: said({ reached: 'contacted', no_answer: 'unreachable', refused: 'refusedContact' }),
    },
    note,
  ],
  arrive: [task('handling', 'to_sign')],
  assign: [
    task('to_sign', 'handling'),
    { name: 'assignee', kind: 'user' },
    { name: 'org_id', kind: 'org' },
    note,
  ],
  'finish-stage': [
    task('handling'),
    { name: 'stage', kind: 'stage', required: true },
    { name: 'text', kind: 'textarea' },
  ],
  report: [
    task('handling'),
    {
      name: 'result',
      kind: 'select',
      options: said({ solved: 'solved', partial: 'partial', not_solved: 'notSolved' }),
    },
    { ...text, label: 'reportText' },
    { name: 'evidence', kind: 'evidence', asked: true },
  ],
  verify: [
    { name: 'passed', kind: 'yesno', yes: 'passed', no: 'failed', required: true },
    { name: 'checks', kind: 'checks', list: 'close', when: { field: 'passed', is: [true] } },
    { name: 'text', kind: 'textarea' },
    { name: 'evidence', kind: 'evidence' },
  ],
  close: [
    {
      name: 'outcome',
      kind: 'select',
      required: true,
      options: choices('outcome', ['solved', 'explained', 'unsolvable', 'withdrawn']),
    },
    { ...text, label: 'answerText' },
  ],
  rate: [
    { name: 'score', kind: 'score', required: true },
    { name: 'solved', kind: 'yesno', yes: 'solved', no: 'notSolved', required: true },
    { name: 'text', kind: 'textarea' },
  ],
  reopen: [reason],
  request: requestFields,
  decide: [
    { name: 'request_id', kind: 'request', required: true },
    { name: 'approved', kind: 'yesno', yes: 'approve', no: 'reject', required: true },
    { name: 'lead', kind: 'org', when: { field: 'approved', is: [true] } },
    { name: 'text', kind: 'textarea' },
  ],
  resume: [text],
  supervise: [
    {
      name: 'card',
      kind: 'select',
      required: true,
      options: choices('card', ['urge', 'yellow', 'orange', 'red']),
    },
    { name: 'new_due', kind: 'datetime' },
    text,
  ],
  assist: [
    { ...task('handling'), ...{ roles: ['lead'] } } as Field,
    { name: 'org_id', kind: 'org', required: true },
    text,
  ],
  excuse: [{ ...task('pending', 'to_sign', 'handling'), ...{ roles: ['assist'] } } as Field, reason],
  consult: [reason],
  conclude: [
    { name: 'lead', kind: 'org', required: true },
    { name: 'assistants', kind: 'orgs', label: 'assistants' },
    text,
  ],
  escalate: [{ name: 'grade', kind: 'grade' }, { name: 'to_level', kind: 'text' }, reason],
  merge: [{ name: 'into', kind: 'incident', required: true }, note],
  unmerge: [reason],
  whistle: [
    {
      name: 'kind',
      kind: 'select',
      required: true,
      options: choices('whistle', ['enforcement', 'key_area', 'emergency']),
    },
    { name: 'orgs', kind: 'orgs', required: true },
    { name: 'place', kind: 'text', required: true },
    { name: 'arrive_by', kind: 'datetime' },
    text,
  ],
  'answer-whistle': [{ name: 'whistle_id', kind: 'whistle', required: true }],
  note: [text, { name: 'attachments', kind: 'attachments' }],
  recall: [reason],
};

/** Commands that are pressed twice before they go out. */
export const TWO_STROKE: ReadonlySet<string> = new Set([
  'close',
  'self-handle',
  'escalate',
  'refuse',
  'recall',
  'merge',
]);
