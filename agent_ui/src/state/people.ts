/** Colleagues: who they are and whether they are here. */

import type { Agent, AgentStatus } from "../wire";

export interface Colleague extends Agent {
  readonly status: AgentStatus;
}

export type People = Readonly<Record<string, Colleague>>;

export function setStatus(people: People, agent: Agent, status: AgentStatus): People {
  const held = people[agent.id];
  if (held?.status === status && held.name === agent.name) return people;
  return { ...people, [agent.id]: { id: agent.id, name: agent.name, status } };
}

/** The list from the API is a start; what the socket said since is newer. */
export function seed(people: People, list: readonly Colleague[]): People {
  const seeded: Record<string, Colleague> = {};
  for (const { id, name, status } of list) seeded[id] = { id, name, status };
  return { ...seeded, ...people };
}
