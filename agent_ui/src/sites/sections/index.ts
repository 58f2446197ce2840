/** The sections of the customiser, in the order in which they stand. */

import type { ComponentType } from "react";
import type { Key } from "../../text/text";
import type { Scene } from "../scenes";
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
  shows: Scene;
  Form: ComponentType<SectionProps>;
}

export const sections: readonly Section[] = [
  {
    id: "look",
    title: "widget.look",
    about: "widget.look.about",
    shows: "open",
    Form: LookSection,
  },
  {
    id: "welcome",
    title: "widget.welcome",
    about: "widget.welcome.about",
    shows: "open",
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
    shows: "greeting",
    Form: GreetingsSection,
  },
  {
    id: "forms",
    title: "forms.title",
    about: "forms.title.about",
    shows: "open",
    Form: FormsSection,
  },
  {
    id: "texts",
    title: "widget.texts",
    about: "widget.texts.about",
    shows: "open",
    Form: TextsSection,
  },
  {
    id: "rating",
    title: "widget.rating",
    about: "widget.rating.about",
    shows: "rating",
    Form: RatingSection,
  },
  {
    id: "consent",
    title: "widget.consent",
    about: "widget.consent.about",
    shows: "consent",
    Form: ConsentSection,
  },
];
