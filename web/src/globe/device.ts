// What the browser can draw: WebGL at all, and by a graphics processor or by software.

import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from "three";

/** Low: no smoothing of edges, half the texture. Chosen by itself on software rendering. */
export type Quality = "low" | "high";

export interface Device {
  canvas: HTMLCanvasElement;
  renderer: WebGLRenderer;
  quality: Quality;
}

/** A canvas with a renderer; null where WebGL is missing. */
export function device(): Device | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, stencil: false, powerPreference: "high-performance" });
  if (!gl) return null;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  if (/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name)) {
    return { canvas, renderer: settled(new WebGLRenderer({ canvas, context: gl }), 1), quality: "low" };
  }
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  const smooth = document.createElement("canvas");
  const renderer = new WebGLRenderer({ canvas: smooth, antialias: true, alpha: false, stencil: false, powerPreference: "high-performance" });
  return { canvas: smooth, renderer: settled(renderer, Math.min(2, devicePixelRatio)), quality: "high" };
}

function settled(renderer: WebGLRenderer, pixelRatio: number): WebGLRenderer {
  // Colours of the style sheet go to the screen as they are.
  ColorManagement.enabled = false;
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.setPixelRatio(pixelRatio);
  return renderer;
}
