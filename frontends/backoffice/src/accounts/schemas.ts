import { z } from "zod";

const MOST_BYTES = 72;

export const email = z.email("Enter an e-mail address, such as name@example.com").max(255);

export const newPassword = z
  .string()
  .min(8, "Choose at least 8 characters")
  .refine((text) => new TextEncoder().encode(text).length <= MOST_BYTES, "Choose at most 72 characters");

export const givenName = z.string().trim().min(1, "Enter a name").max(255);
