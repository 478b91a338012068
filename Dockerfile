# The proxy and its widget. Run it with LEX_API_KEY, SESSION_SECRET and ALLOWED_ORIGINS; see README, "Deploying".
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: the only one fetches another Node.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY proxy proxy
COPY widget widget
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The TypeScript compiler is an optional peer of a dependency, and heavier than all of them.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/proxy dist/proxy
COPY --from=build /app/dist/widget dist/widget
# The image's user "node", as numbers: Kubernetes' runAsNonRoot can't look names up.
USER 1000:1000
EXPOSE 8787
STOPSIGNAL SIGTERM
# Alive, not ready: a proxy that drains is not to be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8787}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# Node itself is the process that gets the signal: npm or a shell in front would not pass it on.
ENTRYPOINT ["node", "dist/proxy/cli.js"]
CMD ["serve"]
