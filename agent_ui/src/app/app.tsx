/** Puts the console together: theme, words, API, live session, routes. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Router } from "wouter";
import { type Api, ApiError } from "../api/http";
import type { Boot } from "../boot";
import type { Session } from "../session/session";
import { createText, type Locale, nearestLocale, regionOf } from "../text/text";
import { CommandsProvider } from "./commands";
import { ConsoleProvider } from "./context";
import { BASE } from "./paths";
import { Shell } from "./shell";
import { theme, variables } from "./theme";

interface Props {
  boot: Boot;
  api: Api;
  session: Session;
}

export function App({ boot, api, session }: Props) {
  const [locale, setLocale] = useState<Locale>(() => nearestLocale(boot.me.locale || boot.locale));
  const [client] = useState(createClient);
  const t = useMemo(() => createText(locale), [locale]);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => boot.nonce}
    >
      <QueryClientProvider client={client}>
        <ConsoleProvider
          boot={boot}
          api={api}
          session={session}
          locale={locale}
          region={regionOf(locale, navigator.languages)}
          t={t}
          setLocale={setLocale}
        >
          <CommandsProvider>
            <Router base={BASE}>
              <Shell />
            </Router>
            <Notifications position="bottom-center" limit={3} autoClose={5000} />
          </CommandsProvider>
        </ConsoleProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Only what may heal by itself is tried again. */
function createClient(): QueryClient {
  const retry = (count: number, error: Error): boolean =>
    count < 2 && error instanceof ApiError && error.temporary;
  return new QueryClient({ defaultOptions: { queries: { retry, staleTime: 15_000 } } });
}
