import type { Status } from '@yiwang/api/types/incident.ts';
import type { Grade } from '@yiwang/api/types/shared.ts';
import { useTerm } from '@yiwang/i18n/i18n.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';

const TONES: Partial<Record<Status, Tone>> = {
  received: 'accent',
  accepted: 'accent',
  registered: 'accent',
  closed: 'green',
};

export function StatusChip({ status }: { status: Status }) {
  const term = useTerm();
  return <Chip tone={TONES[status] ?? 'plain'}>{term('status', status)}</Chip>;
}

const GRADE_TONES: Record<Grade, Tone> = { i: 'red', ii: 'orange', iii: 'yellow', iv: 'accent', v: 'plain' };

export function GradeChip({ grade, short = false }: { grade: Grade; short?: boolean }) {
  const term = useTerm();
  return (
    <Chip tone={GRADE_TONES[grade]} title={term('grade', grade)}>
      {term(short ? 'gradeShort' : 'grade', grade)}
    </Chip>
  );
}
