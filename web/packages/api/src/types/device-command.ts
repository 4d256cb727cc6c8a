import type { Text } from './shared.ts';

/** A number that goes with a command; the profile says no more of it than these. */
export interface CommandParameter {
  code: string;
  name: Text;
  min?: number | null;
  max?: number | null;
}

/** Something that a kind of device can be told. */
export interface ProfileCommand {
  code: string;
  name: Text;
  parameters?: CommandParameter[];
}

export type CommandState = 'waiting' | 'done' | 'failed' | 'expired';

export interface DeviceCommand {
  id: string;
  device_id: string;
  /** Its code in the profile. */
  command: string;
  parameters: Record<string, number>;
  state: CommandState;
  sent_at: string;
  sent_by: string;
  /** An answer counts until then. */
  expires_at: string;
  answered_at?: string | null;
  answer?: string | null;
}

export interface SendCommand {
  command: string;
  parameters: Record<string, number>;
  answer_within_seconds: number;
}
