/** Keeps the live list of colleagues fed: names from the API, presence from the socket. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Items, Person } from "../api/types";
import { useConsole } from "./context";

export function useColleagues(): void {
  const { api, session } = useConsole();
  const { data } = useQuery({
    queryKey: ["agents"],
    queryFn: ({ signal }) => api.get<Items<Person>>("/api/agents", { limit: 100 }, signal),
  });
  useEffect(() => {
    if (data)
      session.store.dispatch({
        do: "colleagues",
        list: data.items.filter((person) => !person.disabled),
      });
  }, [data, session]);
}
