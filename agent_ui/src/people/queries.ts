/** Colleagues and invitations from the API. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Invitation, Items, Person } from "../api/types";
import { useConsole } from "../app/context";
import type { Role } from "../wire";

const PEOPLE = ["agents"];
const INVITATIONS = ["invitations"];

export function usePeople() {
  const { api } = useConsole();
  return useQuery({
    queryKey: PEOPLE,
    queryFn: ({ signal }) => api.get<Items<Person>>("/api/agents", { limit: 100 }, signal),
  });
}

export function useChangePerson() {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string; role?: Role; disabled?: boolean }) =>
      api.patch<Person>(`/api/agents/${id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
}

export function useInvitations() {
  const { api } = useConsole();
  return useQuery({
    queryKey: INVITATIONS,
    queryFn: ({ signal }) => api.get<Items<Invitation>>("/api/invitations", {}, signal),
  });
}

export function useInvite() {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: { email: string; role: Role }) =>
      api.post<Invitation>("/api/invitations", draft),
    onSuccess: () => client.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

export function useWithdraw() {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/api/invitations/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: INVITATIONS }),
  });
}
