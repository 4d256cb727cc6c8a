import { useQuery } from '@tanstack/react-query';
import { orgsQuery } from '@yiwang/api/catalog-api.ts';
import { useMemo } from 'react';
import { useSigned } from '../app/session.tsx';

/** Whether a unit is one's own or stands under it. A guess at what is meant; rights are the server's. */
export function useOwnUnits(): (orgId: string) => boolean {
  const { me } = useSigned();
  const orgs = useQuery(orgsQuery).data;
  return useMemo(() => {
    const parents = new Map((orgs ?? []).map((org) => [org.id, org.parent_id]));
    const own = me.org?.id;
    return (orgId) => {
      for (let at: string | null | undefined = orgId; at && own; at = parents.get(at))
        if (at === own) return true;
      return false;
    };
  }, [orgs, me]);
}
