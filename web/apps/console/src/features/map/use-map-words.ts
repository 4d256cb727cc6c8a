import { useQueries, useQuery } from '@tanstack/react-query';
import { codesetQuery } from '@yiwang/api/catalog-api.ts';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { ALARMS, CASES, FENCES, MOVING } from './map-view.ts';
import type { ThingWords } from './things.ts';

const OWN: readonly string[] = [CASES, ALARMS, MOVING, FENCES];

/** What layers, kinds and states are called. Codes stand where the code sets may not be read. */
export function useMapWords(layers: readonly Layer[]): ThingWords {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const { can } = useSigned();
  const sets = [...new Set(layers.flatMap((layer) => layer.codeset ?? []))];
  const kinds = useQueries({
    queries: sets.map((id) => ({ ...codesetQuery(id), enabled: can('catalog.read') })),
    combine: (answers) => answers.map((answer) => answer.data),
  });
  const profiles = useQuery({ ...profilesQuery, enabled: can('sensing.read') }).data;
  return useMemo(() => {
    const byCode = new Map(layers.map((layer) => [layer.code, layer]));
    const names = new Map<string, string>();
    for (const set of kinds)
      for (const entry of set?.entries ?? []) names.set(`${set?.id}/${entry.code}`, text(entry.name));
    for (const profile of profiles ?? []) names.set(`device/${profile.code}`, text(profile.name));
    return {
      layer: (code) => {
        if (OWN.includes(code)) return t(`map.own.${code}`);
        return text(byCode.get(code)?.name) || code;
      },
      kind: (code, kind) => {
        const layer = byCode.get(code);
        const set = layer?.content === 'devices' ? 'device' : layer?.codeset;
        return names.get(`${set}/${kind}`) ?? kind;
      },
      state: (code, state) =>
        text(byCode.get(code)?.states?.find((one) => one.code === state)?.name) || state,
      status: (code) => term('status', code),
      own: (layer, code) => (code ? t(`map.${layer}.states.${code}`) : ''),
    };
  }, [layers, kinds, profiles, t, text, term]);
}
