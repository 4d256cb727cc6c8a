import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { chunkOf } from './chunks.ts';

const server = process.env.YIWANG_URL ?? 'http://127.0.0.1:8080';

const shortName = (name: string) => name.replace(/(~.*)?(\.\w+)?$/, '');

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    // Inlined assets would be data: URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Groups are named after all the pages that they are for.
        chunkFileNames: ({ name }) => `assets/${shortName(name)}-[hash].js`,
        assetFileNames: ({ names }) => `assets/${shortName(names[0] ?? '[name]')}-[hash][extname]`,
        codeSplitting: {
          groups: [
            { name: 'runtime', test: /vite[\\/]preload-helper|commonjsHelpers/, priority: 90 },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 50 },
            { name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre)[\\/]/, priority: 40 },
            // Small parts join their neighbours; from 10 kB on pages would bring what they do not need.
            { name: chunkOf, priority: 30, entriesAware: true, entriesAwareMergeThreshold: 8_000 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
});
