import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import type { Values } from './body.ts';
import { CommandDialog } from './command-dialog.tsx';
import { DispatchDialog } from './dispatch-dialog.tsx';

export interface OpenCommand {
  command: string;
  preset?: Values;
}

interface CommandHostProps {
  detail: IncidentDetail;
  open: OpenCommand;
  onClose: () => void;
}

/** The dialog of whichever command is open. */
export function CommandHost({ detail, open, onClose }: CommandHostProps) {
  if (open.command === 'dispatch') return <DispatchDialog detail={detail} onClose={onClose} />;
  return (
    <CommandDialog detail={detail} command={open.command} preset={open.preset ?? {}} onClose={onClose} />
  );
}
