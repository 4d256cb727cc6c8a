import type { Text } from './shared.ts';

export interface Me {
  id: string;
  username: string;
  name: string;
  org?: { id: string; code: string; name: Text } | null;
  roles: string[];
  actions: string[];
  must_change_password: boolean;
  demo: boolean;
}

export interface Session {
  token: string;
  expires_at: string;
  user: Me;
}

export interface DemoAccount {
  username: string;
  name: string;
  role: string;
  description: Text;
}
