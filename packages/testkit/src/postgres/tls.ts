import type pg from 'pg';

/** Made for tests, good for a hundred years: an authority, a server called `localhost` and a client called `postgres`, both signed by it. */
export const certificates = {
  authority: pem(
    'CERTIFICATE',
    'MIIBijCCATGgAwIBAgIUb98zVzbRJ60aTMcDPMCpXwJAZMAwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwPTGlmZWd1YXJkIHRlc3RzMCAXDTI2MTEyNzIwMDc0NloYDzIxMjYxMTAzMjAwNzQ2WjAaMRgwFgYDVQQDDA9MaWZlZ3VhcmQgdGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ6DK8MkA+keEYCmaLGuBlrOZ/fj93pKVkZ2pGg5wHY1QJ6PPtG9QlHbms0Em2MPeVncCmJqUrvTmpbw0cR3Yfjo1MwUTAdBgNVHQ4EFgQUmvHj8matY4JFbkfKm/Zn1yF/VkYwHwYDVR0jBBgwFoAUmvHj8matY4JFbkfKm/Zn1yF/VkYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBxbcUXJjl4XRhzqth71EvF3VKXVTe4ZDJgRT6yFyOrdgIgDFDSya9xZbzAfK9EICu3u19fVRQkmQRhZFk6gkqCYzc=',
  ),
  server: {
    certificate: pem(
      'CERTIFICATE',
      'MIIBizCCATCgAwIBAgIUL4mizHfsSMdbeIW2VigVnURKbfQwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwPTGlmZWd1YXJkIHRlc3RzMCAXDTI2MTEyNzIwMDc0NloYDzIxMjYxMTAzMjAwNzQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATdskAqlYVEP3KbYDcy9YvIETZZ/UzKZTHotaTwMyakKwnJhECN7fwBl5VZJPC/4rGbPcRrRKnD9LeAaU0QkOhCo1gwVjAUBgNVHREEDTALgglsb2NhbGhvc3QwHQYDVR0OBBYEFPmbkQkTOgkHWEmoacQ1Pqj24JhOMB8GA1UdIwQYMBaAFJrx4/JmrWOCRW5Hypv2Z9chf1ZGMAoGCCqGSM49BAMCA0kAMEYCIQDGhgJIcv6mcxAVVhstou31uH/rDnVt/836R9UT/1dsOQIhAIVAP3CHjP+5Aky2FRpAY2UtO847QZ7+N1FSmLaCYkgo',
    ),
    key: pem(
      'PRIVATE KEY',
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6ZL2V1dlur/UkWiIbYb5X9OX5wzC/KL5zobazGEKm6ShRANCAATdskAqlYVEP3KbYDcy9YvIETZZ/UzKZTHotaTwMyakKwnJhECN7fwBl5VZJPC/4rGbPcRrRKnD9LeAaU0QkOhC',
    ),
  },
  client: {
    certificate: pem(
      'CERTIFICATE',
      'MIIBiTCCAS6gAwIBAgIUL4mizHfsSMdbeIW2VigVnURKbfUwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwPTGlmZWd1YXJkIHRlc3RzMCAXDTI2MTEyNzIwMDc0NloYDzIxMjYxMTAzMjAwNzQ2WjATMREwDwYDVQQDDAhwb3N0Z3JlczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABE0l6u0HqVKXqC0Fk++xGh4TB+EX71+zDCojurWTeVBOsLzmtDZcC6y1N5zEZZcXFB40J1HyNzoHl/1BkZnUs7+jVzBVMBMGA1UdJQQMMAoGCCsGAQUFBwMCMB0GA1UdDgQWBBSBrOuv5zBshIirlz/kjss4WX/zSTAfBgNVHSMEGDAWgBSa8ePyZq1jgkVuR8qb9mfXIX9WRjAKBggqhkjOPQQDAgNJADBGAiEA3kq3zMORu6EYamJzeHB9404uUoxtJGc4D041S2k7xNUCIQD+OQY67LERUNn2EBtnoZY3YZFLSSRZGk1U0WKbE8Y7nw==',
    ),
    key: pem(
      'PRIVATE KEY',
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW3aKAtg6KTh2+K026mUpE4OEyNreYck9TLqGkCKcW1+hRANCAARNJertB6lSl6gtBZPvsRoeEwfhF+9fswwqI7q1k3lQTrC85rQ2XAustTecxGWXFxQeNCdR8jc6B5f9QZGZ1LO/',
    ),
  },
};

/**
 * Has a server speak TLS from now on, beside what it spoke before. Who comes to `database` is known by a client's
 * certificate alone.
 *
 * @param superuser a client on that server.
 */
export async function serveTls(superuser: pg.ClientBase, database: string): Promise<void> {
  const write = (file: string, text: string) =>
    superuser.query(
      // The server refuses a key that others may read.
      `COPY (SELECT unnest(string_to_array(${superuser.escapeLiteral(text.trimEnd())}, E'\\n'))) TO PROGRAM 'umask 077; cat > ${file}'`,
    );
  const { rows } = await superuser.query(`SELECT pg_read_file('pg_hba.conf') AS entries`);
  await write('pg_hba.conf', `hostssl ${database} all 127.0.0.1/32 cert\n${rows[0].entries}`);
  await write('server.crt', certificates.server.certificate);
  await write('server.key', certificates.server.key);
  await write('root.crt', certificates.authority);
  await superuser.query(`ALTER SYSTEM SET ssl_ca_file = 'root.crt'`);
  await superuser.query('ALTER SYSTEM SET ssl = on');
  await superuser.query('SELECT pg_reload_conf()');
}

function pem(what: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`;
}
