import { Problem, Unreachable } from "@acme/api/problem";

export interface Upload {
  url: string;
  headers: Record<string, string>;
}

/** The browser sends it by itself, and lets no script set it. */
const SET_BY_BROWSER = "content-length";

/** To the object store, with the signed headers exactly. `fetch` cannot tell how far an upload is. */
export function putFile(upload: Upload, file: Blob, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", upload.url);
    for (const [name, value] of Object.entries(upload.headers)) {
      if (name.toLowerCase() !== SET_BY_BROWSER) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Unreachable("The object store does not answer"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new Problem(request.status, "upload_refused", request.statusText));
    };
    request.send(file);
  });
}
