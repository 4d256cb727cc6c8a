export interface TokenView {
  id: string;
  user_id: string;
  user_name: string;
  name: string;
  actions: string[];
  created_at: string;
  expires_at: string;
  revoked_at?: string | null;
  last_used_at?: string | null;
}

export interface CreateToken {
  user_id: string;
  name: string;
  actions: string[];
  expires_at: string;
}

/** A token just made; its value is shown this once. */
export interface TokenCreated extends TokenView {
  token: string;
}
