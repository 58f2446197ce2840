/** Own words in place of the widget's. What there is to replace is much, so it comes when it is asked for. */

import { lazy, Suspense } from "react";
import { Loading } from "../../ui/loading";
import type { SectionProps } from "../settings";

const OwnTexts = lazy(async () => ({ default: (await import("./own-texts")).OwnTexts }));

export function TextsSection(props: SectionProps) {
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <OwnTexts {...props} />
    </Suspense>
  );
}
