// What Starlight adds to Astro.locals. Types of the configuration bring them in, and ours is plain JavaScript.
/// <reference types="@astrojs/starlight" />
