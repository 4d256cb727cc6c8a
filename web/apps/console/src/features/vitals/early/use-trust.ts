import { useQuery } from '@tanstack/react-query';
import type { EarlyTrust } from '@yiwang/api/types/vitals.ts';
import { earlyTrustQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { useMemo } from 'react';
import { percentIn } from '../values.ts';
import { decidedOf, isFew, recordOf } from './trust.ts';

const MINUTE_MS = 60_000;

/** How far warnings of an indicator can be trusted; nothing while that is not known. */
export function useTrust(): (code: string) => EarlyTrust | undefined {
  const { data } = useQuery(earlyTrustQuery);
  return useMemo(() => {
    const rows = new Map((data ?? []).map((row) => [row.indicator, row]));
    return (code) => rows.get(code);
  }, [data]);
}

/** The record of an indicator's warnings in a sentence. */
export function useRecordWords(): (trust: EarlyTrust | undefined) => string {
  const t = useT();
  return (trust) => {
    const record = recordOf(trust);
    if (!record) return t('vitals.early.trust.saidNone');
    const { basis, score } = record;
    const decided = decidedOf(score);
    if (isFew(score)) return t('vitals.early.trust.saidFew', { decided });
    const said = t('vitals.early.trust.said', {
      basis: t(`vitals.early.trust.base.${basis}`),
      decided,
      share: percentIn(score.false_alarm_rate ?? 0),
    });
    const lead = score.lead_minutes;
    if (typeof lead !== 'number') return said;
    return said + t('vitals.early.trust.saidLead', { span: spanWords(t, lead * MINUTE_MS) });
  };
}
