/** The face of somebody who works here. */

import type { ComponentProps } from "react";
import { Face } from "../ui/person";
import { usePhoto } from "./photos";

export function AgentFace(props: Omit<ComponentProps<typeof Face>, "photo">) {
  return <Face {...props} photo={usePhoto(props.id)} />;
}
