<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="2">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="2">
          <item value="0.8" color="#a50026" alpha="255" label="failed: below 0.8"/>
          <item value="0.9" color="#d73027" alpha="255" label="failed: 0.8 to 0.9"/>
          <item value="0.99999994" color="#f46d43" alpha="255" label="failed: 0.9 to 1"/>
          <item value="1.1" color="#fee090" alpha="255" label="stable: 1 to 1.1"/>
          <item value="1.25" color="#e0f3f8" alpha="255" label="stable: 1.1 to 1.25"/>
          <item value="1.5" color="#abd9e9" alpha="255" label="stable: 1.25 to 1.5"/>
          <item value="2" color="#74add1" alpha="255" label="stable: 1.5 to 2"/>
          <item value="inf" color="#4575b4" alpha="255" label="stable: more than 2"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
