/** The configurations of nginx and HAProxy: one worker, one thread, the key added, nothing held back. Pure. */

export type ProgramOptions = { port: number; platform: URL; key: string; folder: string };

export function toNginxConfig({ port, platform, key, folder }: ProgramOptions): string {
  return `
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass ${platform.origin};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer ${key}";
      proxy_buffering off;
      proxy_read_timeout 1h;
    }
  }
}
`;
}

export function toHaproxyConfig({ port, platform, key }: ProgramOptions): string {
  return `
global
  nbthread 1
  maxconn 8192
defaults
  mode http
  option http-no-delay
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend viewers
  bind 127.0.0.1:${port} backlog 4096
  http-request set-header Authorization "Bearer ${key}"
  default_backend platform
backend platform
  server platform ${platform.host}
`;
}
