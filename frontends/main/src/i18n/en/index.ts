import account from "./account.json";
import accounts from "./accounts.json";
import consent from "./consent.json";
import gallery from "./gallery.json";
import joining from "./joining.json";
import purchases from "./purchases.json";
import selfie from "./selfie.json";
import shared from "./shared.json";
import shell from "./shell.json";

/** Each feature's texts under its own name: `t("gallery.empty")`. */
export const texts = { ...shared, account, accounts, consent, gallery, joining, purchases, selfie, shell };

export type Texts = typeof texts;
