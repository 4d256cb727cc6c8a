import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import type { Vocabulary } from './condition-words.ts';

/** The words of a kind of device, for conditions over its properties. Codes stand where its words may not be read. */
export function useVocabulary(): (
  profile: string,
  parameter: (name: string) => number | undefined,
) => Vocabulary {
  const t = useT();
  const text = useText();
  const { data = [] } = useQuery(profilesQuery);
  return (profile, parameter) => {
    const properties = data.find((one) => one.code === profile)?.properties ?? [];
    const property = (code: string) => text(properties.find((one) => one.code === code)?.name) || undefined;
    return { t, property, parameter };
  };
}
