// Made anew when it is asked for, and kept in `.next`.
export const revalidate = 60;

export default function Page() {
  return <h1>Written on the server</h1>;
}
