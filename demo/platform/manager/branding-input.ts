import type { Branding } from "../storage/configuration.ts";
import { COLORS_ACCEPTED, parseColor } from "./color.ts";

const FIELDS = ["agentName", "primaryColor", "welcomeHeading", "welcomeSubheading"] as const;

/** Reads branding that a model gives. Throws what is wrong with it, or that nothing is given. */
export function toBranding(input: Record<string, unknown>): Branding {
  const branding: Branding = {};
  for (const field of FIELDS) {
    const value = input[field];
    if (value === undefined || value === null || value === "") continue;
    if (typeof value !== "string") throw new Error(`${field} must be a text`);
    branding[field] = field === "primaryColor" ? toColor(value) : value.trim();
  }
  if (Object.keys(branding).length === 0) throw new Error(`give one of ${FIELDS.join(", ")}`);
  return branding;
}

function toColor(value: string): string {
  const color = parseColor(value);
  if (!color)
    throw new Error(`primaryColor “${value.slice(0, 60)}” is no colour. ${COLORS_ACCEPTED}`);
  return color;
}
