/** The styles of everything that stands under a cell; loaded with the first cell that is used. */
import "./base.css";
import "./text.css";
import "./table.css";
import "./repr.css";
import "./json.css";
import "./progress.css";
import "./error.css";
import "./markup.css";
import "./picture.css";
import "./bytes.css";
import "./chart.css";
