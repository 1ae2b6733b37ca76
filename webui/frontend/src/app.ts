// What every page gets. A page works without it; this makes it quicker, safer to press and easier to read.
import '@tabler/core/dist/js/tabler.esm.js';
import './app.css';
import './shell.css';
import { askBeforeActing } from './app/ask';
import { keepCountdowns } from './app/countdown';
import { configureHtmx } from './app/htmx';
import { listenToKeys } from './app/keys';
import { sendOnce } from './app/once';
import { narrowPickers } from './app/pick';
import { previewPhotos } from './app/photos';

configureHtmx();
askBeforeActing();
sendOnce();
previewPhotos();
narrowPickers();
keepCountdowns();
listenToKeys();
