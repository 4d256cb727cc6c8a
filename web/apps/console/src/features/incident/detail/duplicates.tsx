import { useQuery } from '@tanstack/react-query';
import { duplicatesQuery } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { DuplicateCard } from '../../../parts/duplicate-card.tsx';
import type { OpenCommand } from '../commands/command-host.tsx';

interface DuplicatesProps {
  detail: IncidentDetail;
  onCommand: (open: OpenCommand, detail: IncidentDetail) => void;
  onOpen: (id: string) => void;
}

export function Duplicates({ detail, onCommand, onOpen }: DuplicatesProps) {
  const t = useT();
  const query = useQuery(duplicatesQuery(detail.id));
  return (
    <div className="detail-body">
      <Loaded query={query}>
        {(hints) =>
          hints.length === 0 ? (
            <Empty text={t('incident.duplicateNone')} />
          ) : (
            <div>
              {hints.map((hint) => (
                <DuplicateCard key={hint.incident.id} hint={hint}>
                  <Button size="small" type="link" onClick={() => onOpen(hint.incident.id)}>
                    {t('incident.compare')}
                  </Button>
                  {detail.allowed.includes('merge') && (
                    <Button
                      size="small"
                      onClick={() =>
                        onCommand({ command: 'merge', preset: { into: hint.incident.id } }, detail)
                      }
                    >
                      {t('incident.mergeInto')}
                    </Button>
                  )}
                </DuplicateCard>
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}
