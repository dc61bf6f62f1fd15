export const revalidate = 60;

export function GET() {
  return new Response("User-agent: *\nAllow: /\n");
}
