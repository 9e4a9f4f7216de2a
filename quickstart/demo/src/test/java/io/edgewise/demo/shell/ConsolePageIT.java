// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser, while a rollout runs.
class ConsolePageIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final double PATIENCE_MS = 120_000;
    private static final Pattern ADDRESS = Pattern.compile("Console: (http://\\S+)");
    private static final List<String> BROWSERS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    @Test
    void showsARunningRolloutUpdatesByItselfAndStopsItAtTheButton(@TempDir Path folder) throws Exception {
        Optional<Path> chromium = chromium();
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "no Chromium found at " + BROWSERS + "; install it to run this test (Debian: apt install chromium)");
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "promote")) {
            demo.awaitLine(ADDRESS, LIMIT);
            Matcher address = ADDRESS.matcher(demo.output());
            assertThat(address.find()).isTrue();
            try (Playwright playwright = playwright();
                    Browser browser = browser(playwright, chromium.get())) {
                look(browser, address.group(1), new ServerKeys(folder.resolve("secrets")).operatorToken());
            }
            demo.interrupt();
            demo.awaitEnd(LIMIT);
            assertThat(folder.resolve("server.pid"))
                    .as("the server stopped with the demo")
                    .doesNotExist();
        }
    }

    private static void look(Browser browser, String address, String token) throws Exception {
        List<String> complaints = new ArrayList<>();
        try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1400, 1800))) {
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            page.navigate(address);
            shows(page.locator("h1"), "voice-ivr-intent");
            shows(page.locator(".ladder [aria-current=step]"), "shadow");
            Locator agreement = page.locator("article.guardrail").first();
            shows(agreement, "%");
            String before = agreement.locator(".counts").innerText();
            PlaywrightAssertions.assertThat(agreement.locator(".counts"))
                    .not()
                    .hasText(before, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS));
            shows(page.locator(".ladder [aria-current=step]"), "1 %");
            assertThat(page.locator("main svg[role=img]").count()).isPositive();
            lookBack(page);
            stop(page, token);
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target", "console.png")));
        }
        assertThat(complaints)
                .as("what the browser complained of, but for the refusal without a token")
                .allMatch(text -> text.contains("401"))
                .hasSize(1);
    }

    /// A rollout of a minute may have no hour yet: then the charts say when there is one.
    private static void lookBack(Page page) {
        page.locator("#span-14d").click();
        shows(page.locator("#span-14d[aria-current]"), "14 days");
        shows(page.locator("[data-part=chart-split]"), "hour");
        assertThat(page.url()).endsWith("?span=14d");
        page.locator("#span-1h").click();
        shows(page.locator("#span-1h[aria-current]"), "1 h");
        shows(page.locator("[data-part=chart-split]"), "requests per minute");
    }

    /// Nobody stops anything without a token, not even on this machine; with one it is at the champion at once.
    private static void stop(Page page, String token) {
        page.locator("#stop-open").click();
        assertThat(page.locator("#stop-one").isChecked()).isTrue();
        page.locator("#stop [name=who]").fill("ana");
        page.locator("#stop [name=why]").fill("the answers are wrong");
        page.locator("#stop-send").click();
        shows(page.locator("#stop-said"), "This needs the token");
        page.locator("#stop [name=token]").fill(token);
        page.locator("#stop-send").click();
        shows(page.locator("#stop-said"), "At the champion: voice-ivr-intent");
        page.locator("#stop-close").click();
        // The newest decision may be the next one already: all devices obey.
        Locator told = page.locator("li:has(.log-head)")
                .filter(new Locator.FilterOptions().setHasText("the answers are wrong"));
        shows(told.first(), "the answers are wrong");
        shows(page.locator(".hero-state .badge"), "Rolled back");
    }

    private static void shows(Locator locator, String text) {
        PlaywrightAssertions.assertThat(locator)
                .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS));
    }

    private static Playwright playwright() {
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    /// As root Chromium only starts without its sandbox; the page is ours.
    private static Browser browser(Playwright playwright, Path chromium) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(List.of("--no-sandbox", "--disable-background-networking")));
    }

    private static Optional<Path> chromium() {
        Optional<Path> found = Stream.concat(Stream.ofNullable(System.getenv("EDGEWISE_CHROMIUM")), BROWSERS.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && Boolean.parseBoolean(System.getenv("EDGEWISE_BROWSER_REQUIRED"))) {
            throw new AssertionError("EDGEWISE_BROWSER_REQUIRED is set, but there is no Chromium at " + BROWSERS);
        }
        return found;
    }
}
