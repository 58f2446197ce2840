/** Mail from the API. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Items } from "../api/types";
import { useConsole } from "../app/context";
import type { Mail, MailState, MailStatus } from "./types";

const KEY = "mail";
const OUTBOX = "/api/mail/outbox";
/** While something is on its way, the screen follows it. */
const FOLLOW_MS = 2_000;
const REST_MS = 30_000;

export function useMailStatus() {
  const { api } = useConsole();
  return useQuery({
    queryKey: [KEY, "status"],
    queryFn: ({ signal }) => api.get<MailStatus>("/api/mail/status", {}, signal),
    refetchInterval: ({ state }) => pace((state.data?.counts.queued ?? 0) > 0),
  });
}

export function useOutbox(state: MailState | null) {
  const { api } = useConsole();
  return useInfiniteQuery({
    queryKey: [KEY, "outbox", state],
    queryFn: ({ pageParam, signal }) =>
      api.get<Items<Mail>>(OUTBOX, { state, cursor: pageParam, limit: 20 }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state: held }) =>
      pace(held.data?.pages.some((page) => page.items.some((one) => one.state === "queued"))),
  });
}

export function useTestMail() {
  const { api } = useConsole();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => api.post<Mail>("/api/mail/test"),
    onSuccess: refresh,
  });
}

export function useRetryMail() {
  const { api } = useConsole();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api.patch<Mail>(`${OUTBOX}/${id}`, { state: "queued" }),
    onSettled: refresh,
  });
}

export function useDiscardMail() {
  const { api } = useConsole();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api.remove(`${OUTBOX}/${id}`),
    onSettled: refresh,
  });
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}

function pace(isMoving = false): number {
  return isMoving ? FOLLOW_MS : REST_MS;
}
