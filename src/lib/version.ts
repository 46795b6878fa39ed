/** The version of this library, as files that it writes name it. Equal to package.json's. */
export const libraryVersion = "0.1.0";
