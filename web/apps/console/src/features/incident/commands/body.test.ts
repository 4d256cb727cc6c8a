import type { IncidentDetail, TaskView } from '@yiwang/api/types/incident.ts';
import { zh } from '@yiwang/i18n/resources.ts';
import { describe, expect, it } from 'vitest';
import { arrange, commandOf } from './arrange.ts';
import { bodyOf, initialValues, openStages } from './body.ts';
import { FORMS } from './specs.ts';

const task = (id: string, status: TaskView['status'], role: TaskView['role'] = 'lead') =>
  ({ id, role, status, org: { id: `org-${id}`, name: { zh: id } } }) as TaskView;

const detail = (more: Partial<IncidentDetail>) =>
  ({ tasks: [], requests: [], whistles: [], ...more }) as unknown as IncidentDetail;

describe('bodies of commands', () => {
  it('carry only what is asked for and filled in', () => {
    const values = {
      kind: 'extension',
      reason_code: 'complex',
      extra: ' 2wd ',
      text: '管线复杂',
      plan_date: '2026-12-01',
      proposed_org: 'other',
    };
    expect(bodyOf(FORMS.request ?? [], values)).toEqual({
      kind: 'extension',
      reason_code: 'complex',
      extra: '2wd',
      text: '管线复杂',
    });
  });

  it('say dates and times by the clock of the city', () => {
    expect(bodyOf(FORMS.supervise ?? [], { card: 'red', text: '催', new_due: '2026-11-23T18:00' })).toEqual({
      card: 'red',
      text: '催',
      new_due: '2026-11-23T10:00:00.000Z',
    });
  });

  it('name the files that were sent in', () => {
    const evidence = [{ kind: 'photo', media_id: 'm1' }, { kind: 'photo' }];
    expect(bodyOf(FORMS.report ?? [], { task_id: 't', text: 'x', evidence })).toMatchObject({
      evidence: [{ kind: 'photo', media_id: 'm1' }],
    });
    const attachments = [{ name: 'a.jpg', media_id: 'm1' }];
    expect(bodyOf(FORMS.note ?? [], { text: 'x', attachments })).toEqual({ text: 'x', attachments });
    expect(bodyOf(FORMS.note ?? [], { text: 'x', attachments: [] })).toEqual({ text: 'x' });
  });

  it('name a stage that runs, and each once', () => {
    const clock = (zh: string, stopped_at?: string) =>
      ({ kind: 'handle', stage: { zh }, stopped_at }) as IncidentDetail['clocks'][number];
    const clocks = [clock('停工', '2026-11-23T10:00:00Z'), clock('处罚'), clock('处罚')];
    const values = initialValues(FORMS['finish-stage'] ?? [], detail({ clocks }), {});
    expect(values).toMatchObject({ stage: '处罚' });
    expect(openStages(clocks)).toHaveLength(1);
  });

  it('leave out evidence without anything in it', () => {
    const evidence = [{ kind: 'photo' }, { kind: 'photo', sha256: 'ab', media_url: null }];
    expect(bodyOf(FORMS.report ?? [], { task_id: 't', text: 'x', evidence })).toMatchObject({
      evidence: [{ kind: 'photo', sha256: 'ab' }],
    });
  });

  it('choose the task where there is no choice', () => {
    const fields = FORMS.sign ?? [];
    expect(initialValues(fields, detail({ tasks: [task('a', 'to_sign')] }), {})).toEqual({ task_id: 'a' });
    const two = detail({ tasks: [task('a', 'to_sign', 'assist'), task('b', 'to_sign', 'assist')] });
    expect(initialValues(fields, two, {})).toEqual({});
    expect(initialValues(fields, two, {}, (org) => org === 'org-b')).toEqual({ task_id: 'b' });
  });
});

describe('buttons', () => {
  it('put the usual step first and what waits for a decision before it', () => {
    expect(
      arrange({ status: 'handling', allowed: ['note', 'report', 'contact', 'decide', 'request'] }),
    ).toEqual({
      buttons: ['decide', 'report', 'contact', 'request'],
      more: ['note'],
    });
  });

  it('follow keys only where they are allowed', () => {
    expect(commandOf('assign', ['dispatch', 'note'])).toBe('dispatch');
    expect(commandOf('assign', ['assign'])).toBe('assign');
    expect(commandOf('sign', ['note'])).toBeUndefined();
  });
});

it('every form has words for its command, fields and choices', () => {
  const missing: string[] = [];
  const known = (path: string) => {
    const found = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], zh);
    if (typeof found !== 'string') missing.push(path);
  };
  for (const [command, fields] of Object.entries(FORMS)) {
    known(`command.name.${command}`);
    for (const field of fields) {
      known(`command.field.${field.label ?? field.name}`);
      if (field.kind === 'select') for (const [, words] of field.options) known(words);
      if (field.kind === 'yesno') for (const words of [field.yes, field.no]) known(`command.choice.${words}`);
    }
  }
  expect(missing).toEqual([]);
});
