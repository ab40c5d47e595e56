import type { Texts } from "../en";
import account from "./account.json";
import accounts from "./accounts.json";
import consent from "./consent.json";
import gallery from "./gallery.json";
import joining from "./joining.json";
import purchases from "./purchases.json";
import selfie from "./selfie.json";
import shared from "./shared.json";
import shell from "./shell.json";

export const texts: Texts = {
  ...shared,
  account,
  accounts,
  consent,
  gallery,
  joining,
  purchases,
  selfie,
  shell,
};
