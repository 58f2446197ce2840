/** The sections of the customiser, in the order in which they stand. */

import type { ComponentType } from "react";
import type { Key } from "../../text/text";
import type { SectionProps } from "../settings";
import { ConsentSection } from "./consent";
import { FormsSection } from "./forms";
import { GreetingsSection } from "./greetings";
import { LauncherSection } from "./launcher";
import { LookSection } from "./look";
import { RatingSection } from "./rating";
import { TextsSection } from "./texts";
import { WelcomeSection } from "./welcome";

export interface Section {
  id: string;
  title: Key;
  about: Key;
  /** What one wants to see while one is at it. */
  shows: "panel" | "launcher";
  Form: ComponentType<SectionProps>;
}

export const sections: readonly Section[] = [
  {
    id: "look",
    title: "widget.look",
    about: "widget.look.about",
    shows: "panel",
    Form: LookSection,
  },
  {
    id: "welcome",
    title: "widget.welcome",
    about: "widget.welcome.about",
    shows: "panel",
    Form: WelcomeSection,
  },
  {
    id: "launcher",
    title: "widget.launcher",
    about: "widget.launcher.about",
    shows: "launcher",
    Form: LauncherSection,
  },
  {
    id: "greetings",
    title: "greeting.title",
    about: "greeting.title.about",
    shows: "launcher",
    Form: GreetingsSection,
  },
  {
    id: "forms",
    title: "forms.title",
    about: "forms.title.about",
    shows: "panel",
    Form: FormsSection,
  },
  {
    id: "texts",
    title: "widget.texts",
    about: "widget.texts.about",
    shows: "panel",
    Form: TextsSection,
  },
  {
    id: "rating",
    title: "widget.rating",
    about: "widget.rating.about",
    shows: "panel",
    Form: RatingSection,
  },
  {
    id: "consent",
    title: "widget.consent",
    about: "widget.consent.about",
    shows: "launcher",
    Form: ConsentSection,
  },
];
