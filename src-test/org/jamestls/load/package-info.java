/** Many mails at once to mail hosts that fail in changing ways. */
package org.jamestls.load;
