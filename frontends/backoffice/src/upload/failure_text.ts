import type { UploadFailure } from "./upload_item";

const TEXTS: Record<string, string> = {
  empty_file: "The file is empty.",
  unreadable: "The file cannot be read. It may have been moved or changed; add it again.",
  unreachable: "The connection was lost too often.",
  ticket_refused: "The store did not take the file. Check this computer’s clock.",
  file_too_large: "The file is too large: at most 100 MB are taken.",
  unsupported_media_type: "Only JPEG, PNG, WebP, TIFF, AVIF, HEIC and raw files are taken.",
  not_an_image: "This is not a picture, or it is damaged.",
  unsupported_format: "This kind of picture is not taken.",
  type_mismatch: "The picture is of another kind than its name says.",
  truncated: "The picture ends too early: its copy is damaged.",
  too_many_pixels: "The picture has too many pixels.",
  too_costly: "Reading the picture takes too long. Export it again.",
  no_preview: "This raw file carries no picture to show. Send it as JPEG.",
  digest_mismatch: "The file was damaged on its way. Send it again.",
  upload_mismatch: "The file changed while it was sent. Send it again.",
  upload_expired: "The file did not arrive in time. Send it again.",
  upload_missing: "The file did not arrive. Send it again.",
  file_missing: "The file is no longer in the store. Send it again.",
  processing_failed: "The picture could not be prepared. Try it again.",
  project_not_found: "You no longer work in this project.",
};

export function failureText(failure: Pick<UploadFailure, "code"> & { message?: string }): string {
  return TEXTS[failure.code] ?? (failure.message || "Something went wrong. Try it again.");
}
