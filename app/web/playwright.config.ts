// The page in the distribution's own browser, over real HTTPS, against the real program.
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync)

export default defineConfig({
  testDir: 'e2e',
  // The pictures are taken when they are asked for.
  testMatch: process.env.SCREENSHOTS ? 'screenshots.ts' : '*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  // Longer than anything takes on a busy machine.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // What failed is told once more at the end, where a log is read.
  reporter: process.env.CI ? 'dot' : 'list',
  // Each test is somebody at a desk in English, and somebody with a phone in French.
  projects: [
    { name: 'desk', use: { locale: 'en-GB', viewport: { width: 1280, height: 844 } } },
    // What has neither a language nor a width.
    { name: 'phone', grepInvert: /@once/, use: { locale: 'fr-FR', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } },
  ],
  use: {
    timezoneId: 'Europe/Paris',
    ignoreHTTPSErrors: true,
    launchOptions: { executablePath: browser, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] },
    trace: 'retain-on-failure',
  },
})
