// What the browser can draw: WebGL at all, and by a graphics processor or by software.

export type Quality = "low" | "high";

/** Null where WebGL is missing. Software rendering gets the low quality: no smoothing, half the texture. */
export function quality(): Quality | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2");
  if (!gl) return null;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name) ? "low" : "high";
}
