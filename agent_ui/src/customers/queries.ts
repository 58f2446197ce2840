/** People from the API: who is behind a visitor, and the keys with which sites vouch for them. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Items } from "../api/types";
import { useConsole } from "../app/context";

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Chat {
  conversation: string;
  site: string;
  phase: "queued" | "active" | "closed";
  opened_at: string;
  closed_at: string | null;
  text: string;
}

export interface Customer {
  external_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  attributes: Attributes;
  since: string;
  identified_at: string;
}

export interface Person {
  id: string;
  attributes: Attributes;
  answers: { key: string; label: string; value: string }[];
  consent_version: string | null;
  consent_at: string | null;
  customer: Customer | null;
  chats: Chat[];
}

export interface IdentityKey {
  id: string;
  algorithm: "HS256" | "ES256";
  created_at: string;
  /** Only in the answer that made it. */
  secret?: string;
}

/** `version` changes with what we know of the visitor, so that the answer is looked up anew. */
export function usePerson(visitor: string | undefined, version: string) {
  const { api } = useConsole();
  return useQuery({
    queryKey: ["person", visitor, version],
    queryFn: ({ signal }) => api.get<Person>(`/api/visitors/${visitor}`, {}, signal),
    enabled: visitor !== undefined,
    placeholderData: (before) => (before?.id === visitor ? before : undefined),
  });
}

const keysOf = (site: string) => ["identity-keys", site];

export function useIdentityKeys(site: string) {
  const { api } = useConsole();
  return useQuery({
    queryKey: keysOf(site),
    queryFn: ({ signal }) =>
      api.get<Items<IdentityKey>>(`/api/sites/${site}/identity-keys`, {}, signal),
  });
}

export function useMakeKey(site: string) {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (algorithm: IdentityKey["algorithm"]) =>
      api.post<IdentityKey>(`/api/sites/${site}/identity-keys`, { algorithm }),
    onSuccess: () => client.invalidateQueries({ queryKey: keysOf(site) }),
  });
}

export function useRemoveKey(site: string) {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/api/identity-keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keysOf(site) }),
  });
}
